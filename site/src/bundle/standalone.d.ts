declare module 'standalone:*' {
  /** One classic script. */
  const text: string;
  export default text;
}
