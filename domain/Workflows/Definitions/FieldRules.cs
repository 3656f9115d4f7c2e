using System.Globalization;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Workflows.Definitions;

/// <summary>Limits of single fields: texts can be stored and indexed, numbers are in a range that times can be computed with.</summary>
internal static class FieldRules
{
    // A hundred years.
    private const int LongestDays = 36_500;
    private const long LongestSeconds = LongestDays * 86_400L;
    private const int MostRetries = 1_000_000;

    public static void Check(WorkflowDefinition definition, List<DefinitionError> errors)
    {
        var fields = new Fields("", errors);
        fields.Name("name", definition.Name);
        fields.Text(TextLimits.Short, ("ownerApp", definition.OwnerApp), ("createdBy", definition.CreatedBy), ("updatedBy", definition.UpdatedBy),
            ("failureWorkflow", definition.FailureWorkflow), ("workflowStatusListenerSink", definition.WorkflowStatusListenerSink),
            ("ownerEmail", definition.OwnerEmail));
        fields.Text(TextLimits.Long, ("description", definition.Description));
        fields.Range(0, int.MaxValue, ("version", definition.Version), ("failureWorkflowVersion", definition.FailureWorkflowVersion ?? 0));
        fields.Range(0, LongestSeconds, ("timeoutSeconds", definition.TimeoutSeconds));
        fields.Range(0, LongestDays, ("retentionDays", definition.RetentionDays ?? 0));
    }

    public static void Check(TaskDefinition definition, string at, List<DefinitionError> errors)
    {
        var fields = new Fields(at, errors);
        fields.Name("name", definition.Name);
        fields.Text(TextLimits.Short, ("ownerApp", definition.OwnerApp), ("createdBy", definition.CreatedBy), ("updatedBy", definition.UpdatedBy),
            ("isolationGroupId", definition.IsolationGroupId), ("executionNameSpace", definition.ExecutionNameSpace), ("ownerEmail", definition.OwnerEmail),
            ("baseType", definition.BaseType));
        fields.Text(TextLimits.Long, ("description", definition.Description));
        fields.Range(0, MostRetries, ("TaskDef retryCount", definition.RetryCount));
        fields.Range(0, LongestSeconds, ("timeoutSeconds", definition.TimeoutSeconds), ("responseTimeoutSeconds", definition.ResponseTimeoutSeconds),
            ("totalTimeoutSeconds", definition.TotalTimeoutSeconds));
        fields.Range(0, int.MaxValue, ("retryDelaySeconds", definition.RetryDelaySeconds), ("maxRetryDelaySeconds", definition.MaxRetryDelaySeconds),
            ("pollTimeoutSeconds", definition.PollTimeoutSeconds ?? 0), ("backoffJitterMs", definition.BackoffJitterMs),
            ("concurrentExecLimit", definition.ConcurrentExecLimit ?? 0), ("rateLimitPerFrequency", definition.RateLimitPerFrequency),
            ("rateLimitFrequencyInSeconds", definition.RateLimitFrequencyInSeconds));
    }

    public static void Check(WorkflowTask task, string at, List<DefinitionError> errors)
    {
        var fields = new Fields(at, errors);
        fields.Name("name", task.Name);
        fields.Name("taskReferenceName", task.TaskReferenceName);
        fields.Name("type", task.Type);
        fields.Text(TextLimits.Short, ("dynamicTaskNameParam", task.DynamicTaskNameParam), ("caseValueParam", task.CaseValueParam),
            ("dynamicForkJoinTasksParam", task.DynamicForkJoinTasksParam), ("dynamicForkTasksParam", task.DynamicForkTasksParam),
            ("dynamicForkTasksInputParamName", task.DynamicForkTasksInputParamName), ("joinMode", task.JoinMode), ("joinStatus", task.JoinStatus),
            ("sink", task.Sink), ("evaluatorType", task.EvaluatorType));
        fields.Text(TextLimits.Long, ("description", task.Description), ("caseExpression", task.CaseExpression), ("expression", task.Expression),
            ("scriptExpression", task.ScriptExpression), ("loopCondition", task.LoopCondition), ("items", task.Items));
        fields.Range(0, int.MaxValue, ("startDelay", task.StartDelay));
        fields.Range(0, MostRetries, ("retryCount", task.RetryCount ?? 0));
        foreach (var name in task.JoinOn) fields.Text(TextLimits.Name, ("joinOn", name));
        if (task.TaskDefinition is { } definition) Check(definition, at + "taskDefinition.", errors);
    }

    private readonly struct Fields(string at, List<DefinitionError> errors)
    {
        private const int Shown = 100;

        /// <summary>A name also stands in addresses, where no slash can be reached and dots are taken for folders.</summary>
        public void Name(string field, string? name)
        {
            Text(TextLimits.Name, (field, name));
            if (name is "." or ".." || name?.Contains('/', StringComparison.Ordinal) == true)
                Add(field, $"{field}: {Head(name)} must not hold '/' and must not be '.' or '..'", name);
        }

        public void Text(int longest, params ReadOnlySpan<(string Field, string? Value)> texts)
        {
            foreach (var (field, value) in texts)
                if (TextLimits.Problem(value, longest) is { } problem) Add(field, $"{field} {problem}", value);
        }

        public void Range(long least, long most, params ReadOnlySpan<(string Field, long Value)> numbers)
        {
            foreach (var (field, value) in numbers)
            {
                if (value >= least && value <= most) continue;
                var bound = value < least ? $"must be >= {least}" : $"must be <= {most}";
                Add(field[(field.LastIndexOf(' ') + 1)..], $"{field}: {value} {bound}", value.ToString(CultureInfo.InvariantCulture));
            }
        }

        private void Add(string field, string message, string? value) => errors.Add(new(at + field, message, Head(value)));

        private static string? Head(string? value) =>
            value is null ? null : TextLimits.Fitted(value, Shown);
    }
}
