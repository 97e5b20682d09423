(module
  (data (i32.const 16) "key=AKIA" "Q7R2S9T4U6V1W3X5;")
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32) (i32.const 0)))
