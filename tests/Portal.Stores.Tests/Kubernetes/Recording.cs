using System.Text;

namespace Portal.Stores.Tests.Kubernetes;

/// <summary>One step of a recorded watch: an event (compact JSON), something that another client does, or the end.</summary>
internal sealed record WatchStep(string? Event, string? Meanwhile, bool ServerEnds);

/// <summary>A recorded request and its answer.</summary>
internal sealed record Exchange(int Number, string Title)
{
    public string Method { get; set; } = "";

    public string PathAndQuery { get; set; } = "";

    public List<(string Name, string Value)> RequestHeaders { get; } = [];

    public string Body { get; set; } = "";

    public int Status { get; set; }

    public List<(string Name, string Value)> ResponseHeaders { get; } = [];

    public string Answer { get; set; } = "";

    public List<WatchStep> Steps { get; } = [];

    public bool IsStream => Steps.Count > 0;
}

/// <summary>Reads the recordings; their form is described beside them.</summary>
internal static class Recording
{
    public static IReadOnlyList<Exchange> Read(string path)
    {
        var exchanges = new List<Exchange>();
        foreach (var block in File.ReadAllText(path).Split("\n### ").Skip(1))
        {
            var lines = block.Split('\n');
            var dot = lines[0].IndexOf('.', StringComparison.Ordinal);
            var exchange = new Exchange(int.Parse(lines[0][..dot], System.Globalization.CultureInfo.InvariantCulture), lines[0][(dot + 2)..]);
            var split = Array.IndexOf(lines, "--- response");
            ReadRequest(exchange, lines[1..split].SkipWhile(line => line.StartsWith("# ", StringComparison.Ordinal)).ToList());
            ReadResponse(exchange, [.. lines[(split + 1)..]]);
            exchanges.Add(exchange);
        }
        return exchanges;
    }

    private static void ReadRequest(Exchange exchange, List<string> lines)
    {
        var parts = lines[0].Split(' ');
        (exchange.Method, exchange.PathAndQuery) = (parts[0], parts[1]);
        var body = ReadHeaders(lines, exchange.RequestHeaders);
        exchange.Body = string.Join('\n', lines[body..]).TrimEnd('\n');
    }

    private static void ReadResponse(Exchange exchange, List<string> lines)
    {
        exchange.Status = int.Parse(lines[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        var body = new StringBuilder();
        var isEvent = false;
        foreach (var line in lines[ReadHeaders(lines, exchange.ResponseHeaders)..])
        {
            if (!line.StartsWith("# ", StringComparison.Ordinal))
            {
                body.Append(line).Append('\n');
                continue;
            }
            if (isEvent)
                exchange.Steps.Add(new WatchStep(body.ToString(), null, false));
            isEvent = line.EndsWith("one line on the wire:", StringComparison.Ordinal) && exchange.Status == 200;
            if (isEvent)
                body.Clear();
            else if (line.Contains("meanwhile, another client: ", StringComparison.Ordinal))
                exchange.Steps.Add(new WatchStep(null, line.Split("another client: ")[1], false));
            else if (exchange.Status == 200 && (line.StartsWith("# server ended", StringComparison.Ordinal) || line.StartsWith("# recorder hung up", StringComparison.Ordinal)))
                exchange.Steps.Add(new WatchStep(null, null, line.StartsWith("# server", StringComparison.Ordinal)));
        }
        exchange.Answer = body.ToString().TrimEnd('\n');
    }

    private static int ReadHeaders(List<string> lines, List<(string, string)> headers)
    {
        var index = 1;
        for (; index < lines.Count && lines[index].Length > 0; index++)
        {
            var colon = lines[index].IndexOf(':', StringComparison.Ordinal);
            headers.Add((lines[index][..colon], lines[index][(colon + 1)..].Trim()));
        }
        return Math.Min(index + 1, lines.Count);
    }
}
