using System.Text;
using Conductor.Postgres.Workflows;

namespace Conductor.Postgres.Tests.Workflows;

public sealed class QueuedTaskTextTests
{
    [Fact]
    public void Tasks_come_out_as_they_went_in_whatever_their_names_in_payloads_that_the_database_takes()
    {
        var (server, random) = (Guid.NewGuid(), new Random(7));
        string[] names = ["plain", "with space", "two\nlines", "dom:type", "ж日本", new string('x', 255), "a%20b"];
        QueuedTask[] tasks = [.. Enumerable.Range(0, 300).Select(i => new QueuedTask(
            Guid.NewGuid(), Guid.NewGuid(), names[random.Next(names.Length)], names[random.Next(names.Length)], random.Next(100),
            DateTimeOffset.UtcNow.AddSeconds(i), i % 3 == 0 ? "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" : null))];
        var payloads = QueuedTaskText.Write(server, tasks).ToList();
        payloads.ShouldAllBe(payload => Encoding.UTF8.GetByteCount(payload) < 8000 && QueuedTaskText.Server(payload) == server);
        payloads.SelectMany(QueuedTaskText.Read).ShouldBe(tasks);
    }

    [Fact]
    public void That_something_has_changed_is_told_without_a_task()
    {
        var payload = QueuedTaskText.Write(Guid.NewGuid(), []).ShouldHaveSingleItem();
        QueuedTaskText.Read(payload).ShouldBeEmpty();
    }
}
