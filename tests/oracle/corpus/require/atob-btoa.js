console.log(require('atob')('aGk='), require('btoa')('hi'));
