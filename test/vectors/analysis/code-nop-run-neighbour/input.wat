(module
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32)
    (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (drop (i32.const 0)) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop)
    (i32.const 0)))
