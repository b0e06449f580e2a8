const moment = require("moment");
equal(moment.version, "2.30.1");
equal(moment.utc("2020-02-29T12:34:56Z").add(1, "year").format("YYYY-MM-DD HH:mm"), "2021-02-28 12:34");
equal(moment.utc(0).format("dddd, MMMM Do YYYY"), "Thursday, January 1st 1970");
equal(moment("2020-13-01", "YYYY-MM-DD", true).isValid(), false);
equal(moment.duration(90, "minutes").humanize(), "2 hours");
