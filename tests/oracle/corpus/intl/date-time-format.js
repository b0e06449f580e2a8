const date = new Date(Date.UTC(2021, 10, 30, 0, 30));
const format = (options) => new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...options }).format(date);

console.log(format({}), format({ dateStyle: 'full' }), format({ dateStyle: 'medium', timeStyle: 'short' }), format({ month: '2-digit', day: '2-digit', year: 'numeric' }), format({ hour: 'numeric', hour12: true }));
console.log(new Intl.DateTimeFormat('en-US', { timeZone: 'UTC' }).formatToParts(date).map((part) => part.type + part.value));
