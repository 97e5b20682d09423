(module
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32)
    (f64.store (i32.const 0) (f64.load (i32.const 8)))
    (i32.const 0)))
