(module
  (table $t 1 funcref)
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32)
    (drop (table.grow $t (ref.null func) (i32.const 1)))
    (i32.const 0)))
