/**
 * What the grammar makes of a literal. Spans are offsets into the literal's cooked text. Types and defaults stay
 * Python expressions here: which of them DSPy takes as a type is `3-check`'s question.
 */
import type { Span } from "../source.ts";

export interface SignatureNode {
  readonly docstring: StringNode | undefined;
  readonly inputs: readonly ParameterNode[];
  readonly outputs: readonly ParameterNode[];
  /** False when the text had syntax errors: what is here is right, but something is missing. */
  readonly complete: boolean;
}

/** One entry of a Python parameter list. DSPy reads `plain` ones and drops the others without a word. */
export type ParameterNode = FieldNode | DroppedNode | SpliceNode;

export interface FieldNode {
  readonly kind: "field";
  /** NFKC, as Python reads it. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly type: ExpressionNode | undefined;
  readonly description: StringNode | undefined;
  readonly default: ExpressionNode | undefined;
  /** Before `/` or after `*`: part of Python's grammar, not of the signature. */
  readonly ignored: "positional-only" | "keyword-only" | undefined;
  readonly span: Span;
}

/** `*args`, `**kwargs`: dropped. */
interface DroppedNode {
  readonly kind: "star";
  readonly name: string;
  readonly span: Span;
}
/** `${Other}` where a field could stand. */
interface SpliceNode {
  readonly kind: "splice" /** Offset of the hole in the text. */;
  readonly at: number;
  readonly span: Span;
}

export type ExpressionNode =
  | NameNode
  | AttributeNode
  | SubscriptNode
  | UnionNode
  | TupleNode
  | CallNode
  | HoleNode
  | StringNode
  | BytesNode
  | NumberNode
  | KeywordNode
  | EllipsisNode
  | ListNode
  | DictNode
  | NegativeNode
  | OtherNode;

export interface NameNode {
  readonly kind: "name";
  readonly name: string;
  readonly span: Span;
}
export interface AttributeNode {
  readonly kind: "attribute";
  readonly object: ExpressionNode;
  readonly name: string;
  readonly span: Span;
}
export interface SubscriptNode {
  readonly kind: "subscript";
  readonly object: ExpressionNode;
  readonly index: ExpressionNode;
  readonly span: Span;
}
interface UnionNode {
  readonly kind: "union";
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
  readonly span: Span;
}
interface TupleNode {
  readonly kind: "tuple";
  readonly items: readonly ExpressionNode[];
  readonly span: Span;
}
export interface CallNode {
  readonly kind: "call";
  readonly callee: ExpressionNode;
  readonly args: readonly ArgumentNode[];
  readonly span: Span;
}
/** `keyword` is undefined for a positional argument; `star` marks `*x` and `**x`. */
export interface ArgumentNode {
  readonly keyword: string | undefined;
  readonly keywordSpan: Span | undefined;
  readonly star: boolean;
  readonly value: ExpressionNode;
  readonly span: Span;
}
interface HoleNode {
  readonly kind: "hole" /** Offset of the hole in the text. */;
  readonly at: number;
  readonly span: Span;
}
export interface StringNode {
  readonly kind: "string";
  readonly value: string;
  readonly span: Span;
}
/** `text` is Python's repr: `b'x'`. */
export interface BytesNode {
  readonly kind: "bytes";
  readonly text: string;
  readonly span: Span;
}
export interface NumberNode {
  readonly kind: "number";
  readonly type: "int" | "float" | "complex";
  readonly text: string;
  readonly span: Span;
}
interface KeywordNode {
  readonly kind: "keyword";
  readonly value: boolean | null;
  readonly span: Span;
}
interface EllipsisNode {
  readonly kind: "ellipsis";
  readonly span: Span;
}
interface ListNode {
  readonly kind: "list";
  readonly items: readonly ExpressionNode[];
  readonly set: boolean;
  readonly span: Span;
}
interface DictNode {
  readonly kind: "dict";
  readonly entries: readonly (readonly [ExpressionNode, ExpressionNode])[];
  readonly span: Span;
}
interface NegativeNode {
  readonly kind: "negative";
  readonly operand: ExpressionNode;
  readonly span: Span;
}
/** Valid Python that is neither a type nor a constant: `lambda`, `a + b`, a comprehension. Without `what`, something already reported. */
export interface OtherNode {
  readonly kind: "other";
  readonly what: string | undefined;
  readonly span: Span;
}
