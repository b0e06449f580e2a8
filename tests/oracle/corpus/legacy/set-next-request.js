postman.setNextRequest('Second');
postman.setNextRequest(null);
