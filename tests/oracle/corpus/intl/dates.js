const date = new Date(Date.UTC(2020, 0, 5, 15, 4, 5, 6));

console.log(date.toISOString(), date.toJSON(), date.toUTCString(), date.getTime());
console.log(date.toLocaleDateString('en-US', { timeZone: 'UTC' }), date.toLocaleTimeString('en-US', { timeZone: 'UTC' }), date.toLocaleString('en-US', { timeZone: 'UTC' }));
console.log(date.toLocaleDateString('en-US', { timeZone: 'UTC', weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }));
console.log(date.toLocaleDateString('en-US', { timeZone: 'UTC', month: 'short', day: '2-digit' }), date.toLocaleTimeString('en-US', { timeZone: 'UTC', hour12: false }), date.toLocaleTimeString('en-US', { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' }));
