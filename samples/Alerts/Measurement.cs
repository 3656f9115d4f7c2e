using Conductor.Domain.Avro.Data;

namespace Conductor.Alerts;

/// <summary>What is known of one measurement, by ZTF's field names; fields that are not here get plain values of their type.</summary>
internal sealed class Measurement
{
    private readonly Dictionary<string, AvroValue> _values = [];

    public AvroValue? Find(string field) => _values.GetValueOrDefault(field);

    private AvroValue this[string field]
    {
        set => _values[field] = value;
    }

    /// <summary>A detection somewhere on the sky.</summary>
    public static Measurement Detection(AlertRandom random, long candid, double jd, string? solarSystemName)
    {
        var at = Exposure(random, candid, jd);
        var magnitude = random.Between(14.5, 20.3);
        at["candid"] = new AvroInteger(candid);
        at["isdiffpos"] = new AvroText(random.Chance(0.7) ? "t" : "f");
        at["ra"] = new AvroDouble(random.Between(0, 360));
        at["dec"] = new AvroDouble(Math.Asin(random.Between(-0.5, 1)) * 180 / Math.PI);
        at["magpsf"] = new AvroDouble(magnitude);
        at["sigmapsf"] = new AvroDouble(0.02 + ((magnitude - 14) * 0.025 * random.Next()));
        // Most real sources score high, most others low.
        at["rb"] = new AvroDouble(random.Chance(0.7) ? Math.Pow(random.Next(), 0.25) : random.Next() * 0.5);
        at["drb"] = new AvroDouble(random.Chance(0.7) ? Math.Pow(random.Next(), 0.1) : random.Next() * 0.3);
        at["fwhm"] = new AvroDouble(random.Between(1.2, 4));
        at["nbad"] = new AvroInteger(random.Chance(0.95) ? 0 : random.Below(5));
        at["ssnamenr"] = new AvroText(solarSystemName ?? "null");
        at["ssdistnr"] = new AvroDouble(solarSystemName is null ? -999 : random.Between(0, 30));
        at["ssmagnr"] = new AvroDouble(solarSystemName is null ? -999 : random.Between(14, 22));
        return at;
    }

    /// <summary>Nothing was seen: a limiting magnitude, and null where a detection has numbers.</summary>
    public static Measurement UpperLimit(AlertRandom random, long pid, double jd)
    {
        var at = Exposure(random, pid, jd);
        foreach (var field in Detected) at[field] = AvroValue.Null;
        return at;
    }

    private static readonly string[] Detected =
        ["candid", "isdiffpos", "ra", "dec", "magpsf", "sigmapsf", "rb", "ssnamenr", "ssdistnr", "ssmagnr", "ranr", "decnr", "fwhm", "nbad", "tblid"];

    private static Measurement Exposure(AlertRandom random, long pid, double jd)
    {
        var at = new Measurement();
        at["jd"] = new AvroDouble(jd);
        at["pid"] = new AvroInteger(pid / 1000);
        at["nid"] = new AvroInteger((int)(jd - 2457754.5));
        at["fid"] = new AvroInteger(1 + random.Below(3));
        at["programid"] = new AvroInteger(1);
        at["programpi"] = new AvroText("Demonstration");
        at["diffmaglim"] = new AvroDouble(random.Between(19, 21));
        at["field"] = new AvroInteger(200 + random.Below(1600));
        at["rcid"] = new AvroInteger(random.Below(64));
        at["exptime"] = new AvroDouble(30);
        at["rbversion"] = new AvroText("t17_f5_c3");
        at["drbversion"] = new AvroText("d6_m7");
        return at;
    }
}
