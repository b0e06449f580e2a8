/* oracle { "options": { "disabledAPIs": [ "execution.runRequest", "visualizer" ] } } */
console.log(typeof pm.execution.runRequest, typeof pm.visualizer, typeof pm.execution.setNextRequest);
