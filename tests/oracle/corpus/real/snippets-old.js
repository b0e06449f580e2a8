tests['Status code is 200'] = responseCode.code === 200;
tests['Body matches string'] = responseBody.has('string_you_want_to_search');
var jsonData = JSON.parse(responseBody);
tests['Your test name'] = jsonData.name === 'Rex';
tests['Content-Type is present'] = postman.getResponseHeader('Content-Type');
tests['Response time is less than 100ms'] = responseTime < 100;
postman.setEnvironmentVariable('id', jsonData.id);
