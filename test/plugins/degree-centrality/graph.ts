// The graph as the plugin sees it: undirected, without loops, each pair of nodes joined at most once. An edge is a metadata
// entry `edge` whose value is the id of another node.

export class Graph {
  readonly ids: string[] = [];
  /** Edges that name a node, and all edges; a dangling one names none. */
  resolved: i32 = 0;
  total: i32 = 0;
  private neighbours: Set<i32>[] = [];
  private index: Map<string, i32> = new Map<string, i32>();

  /** A repeated id stands for the first node of that name. */
  addNode(id: string): void {
    if (this.index.has(id)) return;
    this.index.set(id, this.ids.length);
    this.ids.push(id);
    this.neighbours.push(new Set<i32>());
  }

  addEdge(from: string, to: string): void {
    this.total++;
    if (!this.index.has(from) || !this.index.has(to)) return;
    this.resolved++;
    const a = this.index.get(from);
    const b = this.index.get(to);
    if (a == b) return;
    this.neighbours[a].add(b);
    this.neighbours[b].add(a);
  }

  degree(node: i32): i32 {
    return this.neighbours[node].size;
  }

  /** Degree over the largest possible degree; 0 in a graph of one node. */
  centrality(node: i32): f64 {
    return this.ids.length < 2 ? 0 : <f64>this.degree(node) / <f64>(this.ids.length - 1);
  }

  /** Nodes by falling degree; equal ones in the order they were given. */
  ranked(): i32[] {
    const order: i32[] = [];
    for (let degree = this.ids.length - 1; degree >= 0; degree--) {
      for (let node = 0; node < this.ids.length; node++) if (this.degree(node) == degree) order.push(node);
    }
    return order;
  }
}
