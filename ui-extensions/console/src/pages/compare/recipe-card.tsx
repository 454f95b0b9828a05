import { Tabs, Text } from '@mantine/core';
import { type Recipe, text } from '../../text.ts';

/** How to get the list out of its system, in the words of that system's own menus. */
export function RecipeSteps({ recipe }: { recipe: Recipe }) {
  return (
    <div className="recipe">
      <ol>
        {recipe.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <Text size="sm" c="dimmed">
        {recipe.tick}
      </Text>
    </div>
  );
}

export function CrmRecipes({ crm }: { crm: string | null }) {
  const recipes = text.compare.crmRecipes;
  const known = recipes.find((recipe) => recipe.id === crm)?.id;
  return (
    <Tabs defaultValue={known ?? recipes[0]!.id} variant="pills" keepMounted={false} className="recipe-tabs">
      <Tabs.List aria-label={text.compare.whichCrm}>
        {recipes.map((recipe) => (
          <Tabs.Tab key={recipe.id} value={recipe.id}>
            {recipe.name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {recipes.map((recipe) => (
        <Tabs.Panel key={recipe.id} value={recipe.id}>
          <RecipeSteps recipe={recipe} />
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
