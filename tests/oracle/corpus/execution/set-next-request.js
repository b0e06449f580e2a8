pm.execution.setNextRequest('Login');
