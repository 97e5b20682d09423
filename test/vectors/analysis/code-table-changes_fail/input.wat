(module
  (table $t 1 1 funcref)
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32)
    (table.set $t (i32.const 0) (ref.null func))
    (i32.const 0)))
