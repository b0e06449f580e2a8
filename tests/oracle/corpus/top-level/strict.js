'use strict';
try { undeclaredInStrict = 1; console.log('assigned'); }
catch (error) { console.log(error.name); }
