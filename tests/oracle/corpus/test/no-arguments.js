pm.test();
