import { MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { useScheme } from './scheme';
import { cssVariables, theme } from './theme';
import './mantine.css';
import './tokens.css';
import './base.css';

export function ThemeProvider({ children }: { children: ReactNode }) {
  const scheme = useScheme();
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      forceColorScheme={scheme === 'light' ? 'light' : 'dark'}
    >
      {children}
    </MantineProvider>
  );
}
