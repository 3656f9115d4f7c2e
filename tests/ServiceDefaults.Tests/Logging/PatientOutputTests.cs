using System.Text;
using Conductor.ServiceDefaults.Logging;

namespace Conductor.ServiceDefaults.Tests.Logging;

public sealed class PatientOutputTests
{
    [Fact]
    public async Task Who_has_taken_the_output_before_writes_beside_those_who_take_it_now()
    {
        const string nothingToSee = " ";
        var before = System.Console.Out;
        PatientOutput.Install();
        var now = System.Console.Out;
        Task Write(TextWriter output) => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++) output.Write(nothingToSee);
        });
        await Task.WhenAll(Write(before), Write(now)).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void What_a_full_disk_does_not_take_is_lost_and_what_comes_later_is_written()
    {
        var disk = new Disk { IsFull = true };
        using var output = new PatientOutput(disk);
        output.WriteLine("lost");
        output.Write("lost");
        output.Write('x');
        output.Flush();
        disk.IsFull = false;
        output.WriteLine("kept");
        disk.Written.ShouldBe("kept\n");
    }

    private sealed class Disk : TextWriter
    {
        public bool IsFull { get; set; }

        public string Written { get; private set; } = "";

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (IsFull) throw new IOException("No space left on device");
            Written += value;
        }

        public override void Flush()
        {
            if (IsFull) throw new IOException("No space left on device");
        }
    }
}
