// degree-centrality: analyze-graph of Parseltongue's world. The build gives the exports their canonical names and wraps the
// module as a component.

import { freeBlock, freeStrings, readString, reallocate, writeStrings } from './canonical-abi';
import { Graph } from './graph';

const NODE_SIZE: usize = 24;
const NODE_METADATA: usize = 16;
const PAIR_SIZE: usize = 16;
const RESULT_SIZE: usize = 20;
const RESULT_CONFIDENCE: usize = 8;
const RESULT_RECOMMENDATIONS: usize = 12;

/** A node that touches more than this share of a graph of at least this many nodes is worth a remark. */
const HUB: f64 = 0.5;
const HUB_NODES: i32 = 4;

export function cabiRealloc(old: usize, oldSize: usize, alignment: usize, size: usize): usize {
  return reallocate(old, oldSize, alignment, size);
}

export function analyzeGraph(nodes: usize, length: i32): usize {
  __collect();
  const graph = readGraph(nodes, length);
  freeNodes(nodes, length);
  const findings: string[] = [];
  const recommendations: string[] = [];
  const order = graph.ranked();
  for (let i = 0; i < order.length; i++) {
    const id = graph.ids[order[i]];
    const share = graph.centrality(order[i]);
    findings.push(`${id}: ${threeDecimals(share)} (${graph.degree(order[i])} of ${graph.ids.length - 1})`);
    if (share > HUB && graph.ids.length >= HUB_NODES) {
      recommendations.push(`${id} is joined to more than half of the graph; consider splitting it`);
    }
  }
  const result = heap.alloc(RESULT_SIZE);
  writeStrings(result, findings);
  store<f32>(result + RESULT_CONFIDENCE, graph.total == 0 ? 1 : <f32>graph.resolved / <f32>graph.total);
  writeStrings(result + RESULT_RECOMMENDATIONS, recommendations);
  return result;
}

export function postAnalyzeGraph(result: usize): void {
  freeStrings(result);
  freeStrings(result + RESULT_RECOMMENDATIONS);
  heap.free(result);
}

function readGraph(nodes: usize, length: i32): Graph {
  const graph = new Graph();
  for (let i = 0; i < length; i++) graph.addNode(readString(nodes + <usize>i * NODE_SIZE));
  for (let i = 0; i < length; i++) {
    const node = nodes + <usize>i * NODE_SIZE;
    const pairs = <usize>load<u32>(node + NODE_METADATA);
    const count = load<u32>(node + NODE_METADATA + 4);
    for (let k: u32 = 0; k < count; k++) {
      const pair = pairs + k * PAIR_SIZE;
      if (readString(pair) == 'edge') graph.addEdge(readString(node), readString(pair + 8));
    }
  }
  return graph;
}

/** The arguments belong to the callee. */
function freeNodes(nodes: usize, length: i32): void {
  for (let i = 0; i < length; i++) {
    const node = nodes + <usize>i * NODE_SIZE;
    const pairs = <usize>load<u32>(node + NODE_METADATA);
    const count = load<u32>(node + NODE_METADATA + 4);
    for (let k: u32 = 0; k < count * 2; k++) freeBlock(pairs + k * 8);
    freeBlock(node + NODE_METADATA);
    freeBlock(node);
    freeBlock(node + 8);
  }
  if (length != 0) heap.free(nodes);
}

function threeDecimals(value: f64): string {
  const thousandths = <i32>Math.round(value * 1000);
  return (thousandths / 1000).toString() + '.' + (thousandths % 1000).toString().padStart(3, '0');
}
