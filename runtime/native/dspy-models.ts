/**
 * DSPy's own model types as pydantic describes them in a JSON Schema. The descriptions are the texts DSPy 3.4.1 sends to
 * the model where such a type is nested in an output (`list[dspy.Code]`): they are part of the prompt's bytes.
 */
import type { TypeSpec } from "../spec.ts";

export interface KnownModel {
  readonly description?: string | undefined;
  /** Refuses properties it does not know. */
  readonly closed?: boolean;
  readonly properties: readonly (readonly [string, TypeSpec])[];
  readonly required: readonly string[];
}

const optionalText: TypeSpec = { kind: "union", members: ["str", "none"] };

export const DSPY_MODELS: Readonly<Record<string, KnownModel>> = {
  "dspy.Image": {
    closed: true,
    properties: [["url", "str"]],
    required: ["url"],
  },
  "dspy.Audio": {
    description:
      "An audio input type for DSPy.\n" +
      "\n" +
      "Construct from in-memory values only: a data URI string, raw ``bytes`` (with\n" +
      '``audio_format=``), a numpy-like array, a ``{"data", "audio_format"}`` dict, or another\n' +
      "``Audio``. Raw base64 is passed as ``Audio(data=..., audio_format=...)``. Construction and\n" +
      "adapter parsing never access the filesystem or network; use :meth:`from_path` to read a local\n" +
      "file, :meth:`from_url` to download a remote resource, or :meth:`from_array` for array data.",
    closed: true,
    properties: [
      ["data", "str"],
      ["audio_format", "str"],
    ],
    required: ["data", "audio_format"],
  },
  "dspy.File": {
    description:
      "A file input type for DSPy.\n" +
      "See https://platform.openai.com/docs/api-reference/chat/create#chat_create-messages-user_message-content-array_of_content_parts-file_content_part-file for specification.\n" +
      "\n" +
      "The file_data field should be a data URI with the format:\n" +
      "    data:<mime_type>;base64,<base64_encoded_data>\n" +
      "\n" +
      "Construct from in-memory values only: raw ``bytes``, a data URI string, a\n" +
      '``{"file_data"|"file_id"|"filename"}`` dict, or another ``File``. Construction and adapter\n' +
      "parsing never access the filesystem; use :meth:`from_path` to read a local file,\n" +
      ":meth:`from_bytes` for raw bytes, or :meth:`from_file_id` to reference a preuploaded file.\n" +
      "\n" +
      "Examples:\n" +
      "    ```python\n" +
      "    import dspy\n" +
      "\n" +
      "    class QA(dspy.Signature):\n" +
      "        file: dspy.File = dspy.InputField()\n" +
      "        summary = dspy.OutputField()\n" +
      "    program = dspy.Predict(QA)\n" +
      '    result = program(file=dspy.File.from_path("./research.pdf"))\n' +
      "    print(result.summary)\n" +
      "    ```",
    closed: true,
    properties: [
      ["file_data", optionalText],
      ["file_id", optionalText],
      ["filename", optionalText],
    ],
    required: [],
  },
  "dspy.Code": {
    description:
      "Code type in DSPy.\n" +
      "\n" +
      "This type is useful for code generation and code analysis.\n" +
      "\n" +
      "Example 1: dspy.Code as output type in code generation:\n" +
      "\n" +
      "```python\n" +
      "import dspy\n" +
      "\n" +
      'dspy.configure(lm=dspy.LM("openai/gpt-4o-mini"))\n' +
      "\n" +
      "\n" +
      "class CodeGeneration(dspy.Signature):\n" +
      "    '''Generate python code to answer the question.'''\n" +
      "\n" +
      '    question: str = dspy.InputField(description="The question to answer")\n' +
      '    code: dspy.Code["java"] = dspy.OutputField(description="The code to execute")\n' +
      "\n" +
      "\n" +
      "predict = dspy.Predict(CodeGeneration)\n" +
      "\n" +
      'result = predict(question="Given an array, find if any of the two numbers sum up to 10")\n' +
      "print(result.code)\n" +
      "```\n" +
      "\n" +
      "Example 2: dspy.Code as input type in code analysis:\n" +
      "\n" +
      "```python\n" +
      "import dspy\n" +
      "import inspect\n" +
      "\n" +
      'dspy.configure(lm=dspy.LM("openai/gpt-4o-mini"))\n' +
      "\n" +
      "class CodeAnalysis(dspy.Signature):\n" +
      "    '''Analyze the time complexity of the function.'''\n" +
      "\n" +
      '    code: dspy.Code["python"] = dspy.InputField(description="The function to analyze")\n' +
      '    result: str = dspy.OutputField(description="The time complexity of the function")\n' +
      "\n" +
      "\n" +
      "predict = dspy.Predict(CodeAnalysis)\n" +
      "\n" +
      "\n" +
      "def sleepsort(x):\n" +
      "    import time\n" +
      "\n" +
      "    for i in x:\n" +
      "        time.sleep(i)\n" +
      "        print(i)\n" +
      "\n" +
      "result = predict(code=inspect.getsource(sleepsort))\n" +
      "print(result.result)\n" +
      "```",
    properties: [["code", "str"]],
    required: ["code"],
  },
  "dspy.Reasoning": {
    description:
      "Reasoning type in DSPy.\n" +
      "\n" +
      "This type is useful when you want the DSPy output to include the reasoning of the LM. We build this type so that\n" +
      "DSPy can support the reasoning model and non-reasoning model with the same code.\n" +
      "\n" +
      "This is a str-like type, you can convert a string directly to a Reasoning object, and from DSPy adapters'\n" +
      "perspective, `Reasoning` is treated as a string.",
    properties: [["content", "str"]],
    required: ["content"],
  },
  "dspy.ToolCalls": {
    properties: [["tool_calls", { kind: "generic", of: "list", args: [{ kind: "ref", name: "ToolCall" }] }]],
    required: ["tool_calls"],
  },
  "dspy.ToolCalls.ToolCall": {
    properties: [
      ["name", "str"],
      ["args", "dict"],
    ],
    required: ["name", "args"],
  },
  "dspy.History": {
    description:
      "Class representing the conversation history.\n" +
      "\n" +
      "The conversation history is a list of messages, each message entity should have keys from the associated signature.\n" +
      "For example, if you have the following signature:\n" +
      "\n" +
      "```\n" +
      "class MySignature(dspy.Signature):\n" +
      "    question: str = dspy.InputField()\n" +
      "    history: dspy.History = dspy.InputField()\n" +
      "    answer: str = dspy.OutputField()\n" +
      "```\n" +
      "\n" +
      'Then the history should be a list of dictionaries with keys "question" and "answer".\n' +
      "\n" +
      "Examples:\n" +
      "    ```\n" +
      "    import dspy\n" +
      "\n" +
      '    dspy.configure(lm=dspy.LM("openai/gpt-4o-mini"))\n' +
      "\n" +
      "    class MySignature(dspy.Signature):\n" +
      "        question: str = dspy.InputField()\n" +
      "        history: dspy.History = dspy.InputField()\n" +
      "        answer: str = dspy.OutputField()\n" +
      "\n" +
      "    history = dspy.History(\n" +
      "        messages=[\n" +
      '            {"question": "What is the capital of France?", "answer": "Paris"},\n' +
      '            {"question": "What is the capital of Germany?", "answer": "Berlin"},\n' +
      "        ]\n" +
      "    )\n" +
      "\n" +
      "    predict = dspy.Predict(MySignature)\n" +
      '    outputs = predict(question="What is the capital of France?", history=history)\n' +
      "    ```\n" +
      "\n" +
      "Example of capturing the conversation history:\n" +
      "    ```\n" +
      "    import dspy\n" +
      "\n" +
      '    dspy.configure(lm=dspy.LM("openai/gpt-4o-mini"))\n' +
      "\n" +
      "    class MySignature(dspy.Signature):\n" +
      "        question: str = dspy.InputField()\n" +
      "        history: dspy.History = dspy.InputField()\n" +
      "        answer: str = dspy.OutputField()\n" +
      "\n" +
      "    predict = dspy.Predict(MySignature)\n" +
      '    outputs = predict(question="What is the capital of France?")\n' +
      '    history = dspy.History(messages=[{"question": "What is the capital of France?", **outputs}])\n' +
      '    outputs_with_history = predict(question="Are you sure?", history=history)\n' +
      "    ```",
    closed: true,
    properties: [["messages", { kind: "generic", of: "list", args: ["dict"] }]],
    required: ["messages"],
  },
};
