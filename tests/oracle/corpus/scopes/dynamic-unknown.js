console.log(pm.variables.replaceIn('{{$nope}} {{$randomNope}}'));
