using System.Text;
using Conductor.ServiceDefaults.Logging;

namespace Conductor.ServiceDefaults.Tests.Logging;

public sealed class PatientOutputTests
{
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
