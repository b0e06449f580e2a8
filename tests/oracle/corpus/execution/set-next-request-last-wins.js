pm.execution.setNextRequest('A');
postman.setNextRequest('B');
