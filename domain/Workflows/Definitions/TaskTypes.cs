using System.Collections.Frozen;

namespace Conductor.Domain.Workflows.Definitions;

/// <summary>Task types by what this engine does with them. A type in neither list is a user's own and goes to workers, like SIMPLE.</summary>
public static class TaskTypes
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        "DECISION", "FORK_JOIN", "HUMAN", "JOIN", "NOOP", "SET_VARIABLE", "SWITCH", "TERMINATE", "WAIT");

    /// <summary>Conductor's system tasks that are refused at registration because nothing here executes them.</summary>
    public static IReadOnlySet<string> NotExecuted { get; } = FrozenSet.Create(
        "A2A", "AGENT", "CALL_MCP_TOOL", "CALL_SUBAGENT", "DO_WHILE", "DYNAMIC", "EVENT", "EXCLUSIVE_JOIN", "FORK_JOIN_DYNAMIC",
        "GENERATE_AUDIO", "GENERATE_IMAGE", "GENERATE_VIDEO", "GET_DOCUMENT", "GET_WORKFLOW", "HTTP", "HTTP_POLL", "INLINE", "JDBC",
        "JSON_JQ_TRANSFORM", "KAFKA_PUBLISH", "LAMBDA", "LIST_MCP_TOOLS", "LLM_CHAT_COMPLETE", "LLM_GENERATE_EMBEDDINGS", "LLM_GET_EMBEDDINGS",
        "LLM_INDEX_TEXT", "LLM_SEARCH_INDEX", "LLM_STORE_EMBEDDINGS", "LLM_TEXT_COMPLETE", "PULL_WORKFLOW_MESSAGES", "START_WORKFLOW",
        "SUB_WORKFLOW", "WAIT_FOR_WEBHOOK", "WHILE");

    /// <summary>True for a type that the engine executes itself.</summary>
    public static bool IsSystem(string type) => Known.Contains(type);

    /// <summary>True for a type whose failures are never retried (Conductor's built-in flow control).</summary>
    internal static bool IsFlowControl(string type) => type is "DECISION" or "SWITCH" or "FORK_JOIN" or "JOIN";
}
