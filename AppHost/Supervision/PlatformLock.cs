using Conductor.AppHost.Composition;

namespace Conductor.AppHost.Supervision;

/// <summary>Holds the data folder while the application lives; an orderly end takes the record of its processes with it.</summary>
internal sealed class PlatformLock(DataFolder data, ProcessRecord record) : IDisposable
{
    private IDisposable? _lock;

    public void Take() => _lock ??= data.Take();

    public void Dispose()
    {
        if (_lock is null) return;
        File.Delete(data.Ready);
        record.Delete();
        _lock.Dispose();
        _lock = null;
    }
}
