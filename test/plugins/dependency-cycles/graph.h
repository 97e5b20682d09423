// The graph as the canonical ABI lays out the argument of analyze-graph (32 bit, UTF-8): a list is an address and a length, a
// record its fields in order. And the edges of it, with ids looked up in a table.
#ifndef GRAPH_H
#define GRAPH_H

#include "../guest/freestanding.h"

struct string {
  const u8 *bytes;
  u32 length;
};

struct pair {
  struct string key, value;
};

struct node {
  struct string id, type;
  const struct pair *metadata;
  u32 metadata_length;
};

#define NONE 0xffffffffu

struct graph {
  u32 nodes;
  const struct string *ids;
  /** Targets of node n: `targets[first[n]]` to before `targets[first[n + 1]]`. */
  u32 *first, *targets;
  /** Edges in the metadata, and those of them whose target is a node. */
  u32 edges, resolved;
};

static int same_string(struct string one, struct string other) {
  if (one.length != other.length) return 0;
  for (u32 i = 0; i < one.length; i++)
    if (one.bytes[i] != other.bytes[i]) return 0;
  return 1;
}

/** Ids by number, open addressing; `slots` is a power of two of at least twice the ids. */
struct table {
  u32 slots, *at;
  struct string *ids;
  u32 count;
};

static u32 slot_of(const struct table *table, struct string id) {
  u32 hash = 2166136261u; // FNV-1a
  for (u32 i = 0; i < id.length; i++) hash = (hash ^ id.bytes[i]) * 16777619u;
  u32 slot = hash & (table->slots - 1);
  while (table->at[slot] != NONE && !same_string(table->ids[table->at[slot]], id)) slot = (slot + 1) & (table->slots - 1);
  return slot;
}

static u32 *numbers(u32 count) {
  if (count > 0x0fffffffu) __builtin_trap();
  u32 *block = (u32 *)heap_take(count * sizeof(u32));
  // There is no error case in the interface, so a graph that does not fit in memory ends the call.
  if (block == 0) __builtin_trap();
  return block;
}

static struct table table_of(const struct node *nodes, u32 length) {
  struct table table = {2, 0, 0, 0};
  while (table.slots < length * 2) table.slots *= 2;
  table.at = numbers(table.slots);
  table.ids = (struct string *)numbers(length * 2);
  for (u32 i = 0; i < table.slots; i++) table.at[i] = NONE;
  for (u32 i = 0; i < length; i++) {
    u32 slot = slot_of(&table, nodes[i].id);
    if (table.at[slot] != NONE) continue; // a repeated id stands for the first node of that name
    table.at[slot] = table.count;
    table.ids[table.count++] = nodes[i].id;
  }
  return table;
}

static int is_edge(const struct pair *pair) {
  static const struct string EDGE = {(const u8 *)"edge", 4};
  return same_string(pair->key, EDGE);
}

/** Counts (when `targets` is 0) or fills in the edges of every node. */
static void each_edge(struct graph *graph, const struct table *table, const struct node *nodes, u32 length, u32 *next, u32 *targets) {
  for (u32 i = 0; i < length; i++) {
    u32 from = table->at[slot_of(table, nodes[i].id)];
    for (u32 k = 0; k < nodes[i].metadata_length; k++) {
      if (!is_edge(&nodes[i].metadata[k])) continue;
      u32 to = table->at[slot_of(table, nodes[i].metadata[k].value)];
      if (targets == 0) graph->edges += 1, graph->resolved += to != NONE;
      if (to == NONE) continue;
      if (targets == 0) next[from] += 1;
      else targets[next[from]++] = to;
    }
  }
}

static struct graph graph_of(const struct node *nodes, u32 length) {
  struct table table = table_of(nodes, length);
  struct graph graph = {table.count, table.ids, numbers(table.count + 1), 0, 0, 0};
  u32 *next = numbers(table.count + 1), sum = 0;
  for (u32 i = 0; i <= graph.nodes; i++) next[i] = 0;
  each_edge(&graph, &table, nodes, length, next, 0);
  for (u32 i = 0; i <= graph.nodes; i++) {
    u32 count = next[i];
    graph.first[i] = next[i] = sum;
    sum += count;
  }
  graph.targets = numbers(sum + 1);
  each_edge(&graph, &table, nodes, length, next, graph.targets);
  return graph;
}

#endif
