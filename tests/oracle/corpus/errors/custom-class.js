class Fault extends Error { constructor (m) { super(m); this.name = 'Fault'; this.detail = { a: 1 }; } }
throw new Fault('custom');
