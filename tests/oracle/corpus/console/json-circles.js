const a = {};
a.b = { c: [a] };
try { JSON.stringify(a); } catch (error) { console.log(error.name, error.message); }
const b = [{}];
b[0].x = { y: { z: { w: { v: b[0] } } } };
try { JSON.stringify(b); } catch (error) { console.log(error.name, error.message); }
