console.log(require('lodash') === require('lodash'), require('chai') === require('chai'), typeof require);
