/* oracle { "listen": "prerequest" } */
pm.request.url = 'https://other.example.com/a?b=c';
console.log(String(pm.request.url), typeof pm.request.url);
