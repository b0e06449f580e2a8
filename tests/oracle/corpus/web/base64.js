console.log(btoa('a\u00ff'), atob('YQ=='), encodeURIComponent('é &/'), decodeURIComponent('%C3%A9'), encodeURI('a b/é?x=1'), escape('é'), unescape('%E9'));
try { btoa('€'); }
catch (error) { console.log(error.name); }
