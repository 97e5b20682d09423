/* Without a C library: no import at all, one block to lend. */
static unsigned char block[4096] __attribute__((aligned(8)));

__attribute__((export_name("alloc"))) void *lend(int size) { return size <= (int)sizeof block ? block : (void *)0; }
__attribute__((export_name("init"))) void start(void) {}
__attribute__((export_name("execute"))) int execute(const char *params, int length) {
  int braces = 0;
  for (int i = 0; i < length; i++) braces += (params[i] == '{') - (params[i] == '}');
  return braces != 0;
}
