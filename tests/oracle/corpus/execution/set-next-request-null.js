pm.execution.setNextRequest(null);
