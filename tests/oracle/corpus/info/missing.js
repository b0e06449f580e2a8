/* oracle { "options": { "cursor": {}, "legacy": null } } */
console.log(typeof pm.info.iteration, typeof pm.info.iterationCount, typeof pm.info.requestName, typeof pm.info.requestId);
console.log('iteration' in pm.info, pm.info.eventName);
