pm.visualizer.set('<h1>{{title}}</h1>', { title: 'Pets', rows: [1, 2] });
