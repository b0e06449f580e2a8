const moment = require('moment'), { v4 } = require('uuid');

pm.environment.set('today', moment.utc('2020-05-05').format('YYYY-MM-DD'));
pm.environment.set('tomorrow', moment.utc('2020-05-05').add(1, 'day').toISOString());
pm.test('a uuid', () => pm.expect(v4()).to.have.lengthOf(36));
