using System.Diagnostics;
using OpenTelemetry;

namespace Conductor.ServiceDefaults.Telemetry;

/// <summary>Drops the span of a statement that no request and no message caused: the loops that look for work would fill every store of traces.</summary>
internal sealed class IdleStatements : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        if (data.Source.Name != "Npgsql" || data.ParentId is not null) return;
        data.IsAllDataRequested = false;
        data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
