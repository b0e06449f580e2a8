// Names that are no identifiers, and parents that are no classes.
(function () {
  'use strict';
  const frozen = Object.freeze({ 'a(b': 1, '[x': 2, '*': 3 });
  for (const key of Object.keys(frozen)) {
    try { frozen[key] = 2; } catch (error) { console.log(error.name, error.message); }
  }
})();
try { class A extends 5 {} } catch (error) { console.log(error.name, error.message); }
try { class B extends undefined {} } catch (error) { console.log(error.name, error.message); }
try { class C extends 'text' {} } catch (error) { console.log(error.name, error.message); }
