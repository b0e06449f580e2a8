setTimeout(() => {
    console.log('outer');
    setTimeout(() => { console.log('inner'); pm.environment.set('late', 'yes'); }, 5);
}, 5);
