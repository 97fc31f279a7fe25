using Microsoft.Playwright;
using Portal.Tests.Shared;

namespace Portal.EndToEnd.Tests;

/// <summary>Every page fits its window, and what is on a card fits the card (WCAG 2.2, 1.4.10), from a phone to a wall display.</summary>
[Collection(nameof(Chromium))]
public sealed class WidthTests(Chromium chromium, AccessibilityTests.Running running) : IClassFixture<AccessibilityTests.Running>
{
    private static readonly int[] Widths = [360, 400, 719, 720, 768, 899, 900, 1100, 1101, 1280, 2560];

    /// <summary>What ends right of the window or of its card, unless something between scrolls or cuts it.</summary>
    private const string Overflowing = """
        () => {
          const held = (element, end) => {
            for (let parent = element.parentElement; parent && parent !== end.parentElement; parent = parent.parentElement)
              if (getComputedStyle(parent).overflowX !== 'visible') return true;
            return false;
          };
          const out = [];
          if (document.scrollingElement.scrollWidth > innerWidth) out.push('the page itself');
          const main = document.querySelector('.main');
          if (main.scrollWidth > main.clientWidth) out.push('main');
          for (const element of main.querySelectorAll('.card *')) {
            const card = element.closest('.card'), box = element.getBoundingClientRect();
            if (box.width && box.height && !element.closest('svg') && box.right > card.getBoundingClientRect().right + 1 && !held(element, card))
              out.push(`${element.tagName}.${element.className}: ${element.textContent.trim().slice(0, 40)}`);
          }
          return out;
        }
        """;

    [Fact]
    public async Task Nothing_is_wider_than_its_place()
    {
        var page = await chromium.OpenAsync(running.Portal.Address, AccessibilityTests.Pages[0].Path);
        foreach (var (path, ready) in AccessibilityTests.Pages)
        {
            await page.GotoAsync(path);
            await page.GetByRole(AriaRole.Main).GetByText(ready).First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
            foreach (var width in Widths)
            {
                await page.SetViewportSizeAsync(width, 900);
                string[] wide = [];
                // The server hears of a new width later and may draw once more.
                await Wait.UntilAsync(
                    async () => (wide = await page.EvaluateAsync<string[]>(Overflowing)).Length == 0,
                    $"{path} fits in {width} px", lastSeen: () => string.Join('\n', wide));
            }
        }
        await page.Context.CloseAsync();
    }
}
