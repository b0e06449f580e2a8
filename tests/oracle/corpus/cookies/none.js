/* oracle { "context": { "cookies": null } } */
console.log(pm.cookies.count(), pm.cookies.get('x'), pm.cookies.toObject(), typeof pm.cookies.jar);
