console.log(atob('aGVsbG8='), btoa('hello'), btoa('\xff'), atob(btoa('a')));
