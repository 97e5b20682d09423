(module
  (memory (export "memory") 1 16)
  (func (export "run") (param f64)))
