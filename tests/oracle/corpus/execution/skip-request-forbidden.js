/* oracle { "listen": "prerequest", "options": { "allowSkipRequest": false } } */
pm.execution.skipRequest();
