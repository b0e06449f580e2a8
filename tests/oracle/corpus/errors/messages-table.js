[() => null.x, () => undefined.x, () => (void 0)(), () => ({}).a.b, () => ({}).f(), () => x, () => [].reduce((a) => a), () => new Array(-1), () => 'x'.repeat(-1), () => (1).toFixed(101), () => decodeURIComponent('%'), () => new RegExp('('), () => Symbol() + '', () => BigInt(1.5), () => 1n + 1, () => new Proxy({}, null), () => Object.defineProperty(1, 'a', {}), () => structuredClone(() => 1), () => new (class { constructor () { this.#p; } #p = 1; })(), () => { null.f = 1; }, () => { Object.freeze([1]).push(2); }, () => JSON.stringify(1n), () => { 'use strict'; undeclared = 1; }].forEach((call) => {
    try { call(); console.log('fine'); }
    catch (error) { console.log(error.name, error.message); }
});
