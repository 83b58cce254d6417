import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '@/lib/api/client';
import { startWords } from '@/lib/i18n';
import { Boundary } from '@/ui/Boundary';
import { ThemeProvider } from '@/ui/theme/ThemeProvider';
import { ErrorPage } from './pages/ErrorPage';
import { router } from './router';

startWords();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <ThemeProvider>
        <Boundary fallback={(error, goOn) => <ErrorPage error={error} onGoOn={goOn} />}>
          <QueryClientProvider client={createClient()}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </Boundary>
      </ThemeProvider>
    </StrictMode>,
  );
}
