const o = {};
o.nope();
