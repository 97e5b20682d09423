(module
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32)
    (f64.store (i32.const 0) (f64.div (f64.convert_i32_s (local.get 0)) (f64.convert_i32_s (local.get 1))))
    (i32.const 0)))
