using System.Globalization;

namespace Portal.Messaging.Tests.Flows;

/// <summary>What arrived of messages that are numbered from 0.</summary>
internal sealed record Numbered(int Missing, int Duplicates, bool IsOrdered)
{
    /// <param name="arrived">In the order of arrival, from one partition or topic.</param>
    public static Numbered Of(IEnumerable<string> arrived, int count)
    {
        var seen = new int[count];
        var highest = -1;
        var ordered = true;
        foreach (var number in arrived.Select(text => int.Parse(text, CultureInfo.InvariantCulture)))
        {
            // A repetition goes back; what is new must be the next number.
            if (seen[number]++ == 0)
            {
                ordered &= number == highest + 1;
                highest = number;
            }
        }

        return new Numbered(seen.Count(times => times == 0), seen.Sum(times => Math.Max(0, times - 1)), ordered);
    }
}
