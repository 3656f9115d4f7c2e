using System.Text.Json;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>The loaded data with what the decision has changed over it; notes what is asked for and not loaded.</summary>
internal sealed class DecisionData(WorkflowData loaded)
{
    private readonly Dictionary<string, TaskRecord> _changed = [];
    private HashSet<string>? _missing;
    private JsonElement? _input;
    private bool _inputMissing;
    private bool _allMissing;
    private bool _wiped;

    public bool IsMissing => _missing is not null || _inputMissing || _allMissing;

    public DataRequest Missing => new(_inputMissing, _allMissing, (IReadOnlySet<string>?)_missing ?? new HashSet<string>());

    public JsonElement Input()
    {
        if ((_input ?? loaded.Input) is { } input) return input;
        _inputMissing = true;
        return JsonText.EmptyObject;
    }

    public TaskRecord? Latest(string referenceName)
    {
        if (_changed.TryGetValue(referenceName, out var changed)) return changed;
        if (_wiped) return null;
        if (loaded.TryLatest(referenceName, out var task)) return task;
        (_missing ??= []).Add(referenceName);
        return null;
    }

    public IReadOnlyList<TaskRecord> All()
    {
        if (loaded.All is { } all) return all;
        _allMissing = true;
        return [];
    }

    public void SetInput(JsonElement input) => _input = input;

    public void Change(TaskRecord task) => _changed[task.NodeReference] = task;

    /// <summary>Nothing that is stored counts any more.</summary>
    public void Wipe() => _wiped = true;
}
