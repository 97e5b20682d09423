(module
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32)
    (drop (i32.atomic.load (i32.const 0)))
    (i32.const 0)))
