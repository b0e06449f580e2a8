/* oracle { "options": { "allowSkipRequest": true } } */
pm.environment.set('a', '1');
pm.execution.skipRequest();
